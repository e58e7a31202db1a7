"""The parts a test needs around the product: PostgreSQL and a browser, brought along so that no machine lacks them."""

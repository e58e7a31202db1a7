"""Changes of the district's standards: drawn up, listed, released, carried out."""

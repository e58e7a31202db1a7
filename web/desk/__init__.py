"""Who does it: handing work on, standing in, copies and questions, recusal, and acts on many tasks."""

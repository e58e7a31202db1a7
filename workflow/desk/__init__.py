"""Who does a piece of work: handing on, standing in, appointing, recusal, and acts on many tasks at once."""

"""The rehearsal: what people do in each stage of these definitions, for the simulation and the sample district."""

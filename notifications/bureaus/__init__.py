"""The roads to the bureaus: signed HTTP, batch files, letters. A road carries questions and answers and knows no law."""

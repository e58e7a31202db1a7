"""Working with departments: what is handed to them and how old it is, the service centre's tasks, who their liaisons are."""

"""最低生活保障 (dibao): one vocabulary, three editions. The edition files are compared by reading side by side."""

"""The auditor's pages: samples that anybody can draw again, and what verifying them says."""

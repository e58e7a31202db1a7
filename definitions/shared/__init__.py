"""What several programmes share: guards, assessments, entitlements, notices, materials."""

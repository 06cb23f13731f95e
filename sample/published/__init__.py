"""Caseloads made so that their annual report has the numbers of a published one. No part of the report itself."""

"""The small modules that the vendor's sample programs import. Written for the tests from what those programs call."""

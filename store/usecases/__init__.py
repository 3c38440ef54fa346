"""One file a noun, one function a use case, one transaction each."""

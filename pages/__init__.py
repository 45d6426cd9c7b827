"""The pages of the app; importable so that tests reach ``pages._ui``."""

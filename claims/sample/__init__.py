"""The sample desk's pages and desk.toml, which says where they come from and how they are reviewed."""

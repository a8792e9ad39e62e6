"""The printed notice: what stands on it, drawn as a Word file or as a PDF that carries its font."""

"""How a place wants things read: corrections of the reader, and what is said beside what was written."""

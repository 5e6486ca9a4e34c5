//! How does a platform take these codes? Import files with the platform's own columns; terms it cannot express are
//! refused by name.

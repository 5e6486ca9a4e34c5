//! The native tool as its users run it: arguments in; exit codes, JSON and files out.

#[cfg(test)]
mod codes;
#[cfg(test)]
mod score;
#[cfg(test)]
mod support;
#[cfg(test)]
mod usage;

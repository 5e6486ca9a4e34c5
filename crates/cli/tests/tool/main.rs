//! The native tool as its users run it: arguments in; exit codes, JSON and files out.

#[cfg(test)]
mod codes;
#[cfg(test)]
mod import;
#[cfg(test)]
#[cfg(feature = "pdf")]
mod inserts;
#[cfg(test)]
mod issue;
#[cfg(test)]
mod lifetime;
#[cfg(test)]
mod price;
#[cfg(test)]
mod program;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod score;
#[cfg(test)]
mod settle;
#[cfg(test)]
mod support;
#[cfg(test)]
mod usage;

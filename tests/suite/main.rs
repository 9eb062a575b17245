//! What people meet: the executable on folders, and rules of the code base.

mod harness;

mod commands;
mod damage;
mod determinism;
mod growth;
mod layers;
mod shared_data;

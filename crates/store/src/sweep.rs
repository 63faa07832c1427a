//! A log comes in, whether its chains hold goes out.

// The floor of the start: Node, and a module in which nothing is.
process.exitCode = 0;

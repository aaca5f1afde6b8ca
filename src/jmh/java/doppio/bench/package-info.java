/** Benchmarks; the README has the command that runs them. */
package doppio.bench;

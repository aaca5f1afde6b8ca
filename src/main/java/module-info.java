/**
 * Neural networks on plain {@code double[]} arrays: modules with an explicit forward and backward
 * pass, losses, optimizers and data.
 */
module doppio {
  // For logging where System.Logger is absent; never needed on a JDK.
  requires static java.logging;

  exports doppio;
  exports doppio.check;
  exports doppio.data;
  exports doppio.io;
  exports doppio.loss;
  exports doppio.metric;
  exports doppio.model;
  exports doppio.nn;
  exports doppio.optim;
  exports doppio.table;
  exports doppio.train;
}

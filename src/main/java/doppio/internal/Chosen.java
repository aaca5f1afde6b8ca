package doppio.internal;

/** Holds the implementation that {@link Kernels#get} hands out. */
final class Chosen {
  static final Kernels KERNELS = new ScalarKernels();

  private Chosen() {}
}

package doppio.internal;

import doppio.internal.choice.KernelChoice;

/** Ends as soon as the kernels are chosen. */
final class ShortProgram {
  private ShortProgram() {}

  public static void main(String[] arguments) {
    KernelChoice.kernels();
  }
}

package doppio;

/** Tensors of random numbers for tests. */
public final class RandomTensors {
  private RandomTensors() {}

  /** Standard normal numbers, the same for the same seed and shape. */
  public static Tensor normal(long seed, int... shape) {
    Tensor t = Tensor.zeros(shape);
    new Generator(seed).normal(t.data(), 0, 1);
    return t;
  }
}

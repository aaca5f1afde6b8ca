package doppio.parity;

import static org.bytedeco.pytorch.global.torch.getDefaultCPUGenerator;
import static org.bytedeco.pytorch.global.torch.randperm;

import doppio.Generator;
import org.bytedeco.pytorch.CPUGeneratorImpl;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** libtorch's default generator under the names of {@link doppio.Generator}'s methods. */
final class TorchGenerator {
  private final ScalarType type;

  /** Draws for tensors of the type, after a {@code manual_seed}. */
  TorchGenerator(long seed, ScalarType type) {
    this.type = type;
    torch.manual_seed(seed);
  }

  private TorchGenerator(ScalarType type) {
    this.type = type;
  }

  /** The same generator, as it is now, for tensors of another type. */
  TorchGenerator with(ScalarType other) {
    return new TorchGenerator(other);
  }

  long random32() {
    return Integer.toUnsignedLong(engine().random());
  }

  long random64() {
    return engine().random64();
  }

  double[] uniform(int n, double low, double high) {
    return Torch.from(empty(n).uniform_(low, high, new GeneratorOptional())).data();
  }

  double[] normal(int n, double mean, double std) {
    return Torch.from(empty(n).normal_(mean, std, new GeneratorOptional())).data();
  }

  double[] bernoulli(int n, double p) {
    return Torch.from(empty(n).bernoulli_(p, new GeneratorOptional())).data();
  }

  double[] permutation(int n) {
    return Torch.from(randperm(n, new TensorOptions(ScalarType.Long))).data();
  }

  /** What Python's DataLoader calls the base seed, by the call that it makes. */
  void drawBaseSeed() {
    Torch.uninitialised(ScalarType.Long).random_(new GeneratorOptional());
  }

  private org.bytedeco.pytorch.Tensor empty(int n) {
    return Torch.uninitialised(type, n);
  }

  private static CPUGeneratorImpl engine() {
    return new CPUGeneratorImpl(getDefaultCPUGenerator().unsafeGetGeneratorImpl());
  }

  /** The next draw tells whether two generators are at the same place. */
  void compareNext(String what, Generator g) {
    double[] ours = {(double) g.random32()};
    double[] theirs = {(double) random32()};
    Tally.compare(what + ", then", ours, theirs, Tally.Bound.BITS);
  }
}

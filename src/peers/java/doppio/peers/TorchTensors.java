package doppio.peers;

import static org.bytedeco.pytorch.global.torch.from_blob;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Makes libtorch's tensors, in one precision. */
final class TorchTensors {
  private final ScalarType type;

  TorchTensors(ScalarType type) {
    this.type = type;
  }

  /** A copy. */
  Tensor of(doppio.Tensor t) {
    return copy(t, type);
  }

  /** A copy of class indices. */
  static Tensor indices(doppio.Tensor t) {
    return copy(t, ScalarType.Long);
  }

  private static Tensor copy(doppio.Tensor t, ScalarType type) {
    long[] shape = Arrays.stream(t.shape()).asLongStream().toArray();
    try (DoublePointer numbers = new DoublePointer(t.data());
        Tensor there = from_blob(numbers, shape, new TensorOptions(ScalarType.Double))) {
      return there.clone().to(type);
    }
  }
}

package doppio.parity;

import static org.bytedeco.pytorch.global.torch.empty;
import static org.bytedeco.pytorch.global.torch.from_blob;
import static org.bytedeco.pytorch.global.torch.scalarTypeToTypeMeta;
import static org.bytedeco.pytorch.global.torch.set_default_dtype;

import doppio.Tensor;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The way between Doppio's tensors and libtorch's. */
public final class Torch {
  private Torch() {}

  /** A copy in float64. */
  public static org.bytedeco.pytorch.Tensor of(Tensor t) {
    long[] shape = Arrays.stream(t.shape()).asLongStream().toArray();
    org.bytedeco.pytorch.Tensor result = uninitialised(ScalarType.Double, shape);
    if (t.size() > 0) {
      try (DoublePointer values = new DoublePointer(t.data())) {
        result.view(-1).copy_(from_blob(values, new long[] {t.size()}, options(ScalarType.Double)));
      }
    }
    return result;
  }

  /** A copy of whole numbers in int64. */
  public static org.bytedeco.pytorch.Tensor indices(Tensor t) {
    return of(t).to(ScalarType.Long);
  }

  /** A copy in float64 whose gradient is asked for. */
  public static org.bytedeco.pytorch.Tensor leaf(Tensor t) {
    return of(t).set_requires_grad(true);
  }

  /** A copy, each number widened to double. */
  public static Tensor from(org.bytedeco.pytorch.Tensor t) {
    int[] shape = new int[(int) t.dim()];
    for (int d = 0; d < shape.length; d++) {
      shape[d] = (int) t.size(d);
    }
    Tensor result = Tensor.zeros(shape);
    if (result.size() > 0) {
      org.bytedeco.pytorch.Tensor doubles = t.detach().to(ScalarType.Double).contiguous();
      doubles.data_ptr_double().get(result.data());
    }
    return result;
  }

  /** A gradient, zeros where there is none. */
  public static Tensor gradient(org.bytedeco.pytorch.Tensor leaf) {
    return leaf.grad().defined() ? from(leaf.grad()) : Tensor.zeros(from(leaf).shape());
  }

  /** Back-propagates a gradient. */
  public static void backward(org.bytedeco.pytorch.Tensor y, org.bytedeco.pytorch.Tensor gy) {
    y.backward(gy, new BoolOptional(), false, new TensorArrayRefOptional());
  }

  /** A tensor to be filled. */
  public static org.bytedeco.pytorch.Tensor uninitialised(ScalarType type, long... shape) {
    try (LongPointer sizes = shape.length == 0 ? null : new LongPointer(shape)) {
      return empty(
          new org.bytedeco.pytorch.LongArrayRef(sizes, shape.length),
          options(type),
          new MemoryFormatOptional());
    }
  }

  /** Has layers and factories make tensors of this type from here on. */
  public static void defaultType(ScalarType type) {
    set_default_dtype(scalarTypeToTypeMeta(type));
  }

  private static TensorOptions options(ScalarType type) {
    return new TensorOptions(type);
  }
}

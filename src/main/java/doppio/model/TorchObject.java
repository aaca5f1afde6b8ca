package doppio.model;

import doppio.internal.StoredType;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a pickle of PyTorch's may name, and all that happens where it is called: nothing runs, each
 * call takes its arguments apart.
 */
enum TorchObject {
  /** An {@code OrderedDict()}, which is filled afterwards. */
  DICT {
    @Override
    Object call(Object[] arguments) throws IOException {
      require(arguments.length == 0);
      return new LinkedHashMap<>();
    }
  },

  /** A {@code torch.Size(tuple)}. */
  SIZE {
    @Override
    Object call(Object[] arguments) throws IOException {
      require(arguments.length == 1 && arguments[0] instanceof Object[]);
      return arguments[0];
    }
  },

  /** A tensor: storage, offset, size, stride and what does not matter here. */
  TENSOR {
    @Override
    Object call(Object[] arguments) throws IOException {
      require(arguments.length >= 4 && arguments[0] instanceof TorchStorage);
      return TorchView.of(
          (TorchStorage) arguments[0],
          whole(arguments[1]),
          wholes(arguments[2]),
          wholes(arguments[3]));
    }
  },

  /** A parameter: the tensor and what does not matter here. */
  PARAMETER {
    @Override
    Object call(Object[] arguments) throws IOException {
      require(arguments.length >= 1 && arguments[0] instanceof TorchView);
      return arguments[0];
    }
  };

  private static final Map<String, Object> BY_NAME = new HashMap<>();

  static {
    BY_NAME.put("collections.OrderedDict", DICT);
    BY_NAME.put("torch.Size", SIZE);
    BY_NAME.put("torch._utils._rebuild_tensor", TENSOR);
    BY_NAME.put("torch._utils._rebuild_tensor_v2", TENSOR);
    BY_NAME.put("torch._utils._rebuild_parameter", PARAMETER);
    BY_NAME.put("torch._utils._rebuild_parameter_with_state", PARAMETER);
    BY_NAME.put("torch.DoubleStorage", StoredType.F64);
    BY_NAME.put("torch.FloatStorage", StoredType.F32);
    BY_NAME.put("torch.HalfStorage", StoredType.F16);
    BY_NAME.put("torch.BFloat16Storage", StoredType.BF16);
    BY_NAME.put("torch.LongStorage", StoredType.I64);
    BY_NAME.put("torch.IntStorage", StoredType.I32);
    BY_NAME.put("torch.ShortStorage", StoredType.I16);
    BY_NAME.put("torch.CharStorage", StoredType.I8);
    BY_NAME.put("torch.ByteStorage", StoredType.U8);
    BY_NAME.put("torch.BoolStorage", StoredType.BOOL);
  }

  /** The object of a name, a {@code TorchObject} or a storage's {@code StoredType}, or null. */
  static Object named(String name) {
    return BY_NAME.get(name);
  }

  /** What a call gives. */
  abstract Object call(Object[] arguments) throws IOException;

  final void require(boolean holds) throws IOException {
    if (!holds) {
      throw new IOException("the arguments of a " + name() + " are not those that PyTorch writes");
    }
  }

  final long whole(Object value) throws IOException {
    require(value instanceof Long);
    return (Long) value;
  }

  final long[] wholes(Object value) throws IOException {
    require(value instanceof Object[]);
    Object[] tuple = (Object[]) value;
    long[] wholes = new long[tuple.length];
    for (int i = 0; i < wholes.length; i++) {
      wholes[i] = whole(tuple[i]);
    }
    return wholes;
  }
}

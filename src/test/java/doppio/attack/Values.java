package doppio.attack;

import doppio.Tensor;
import doppio.nn.Linear;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Tame values for parameters of any type: small and plain, so that many calls accept them. */
final class Values {
  private static final String[] TEXTS = {"a", "b", "label", "0.weight", "0", "size", "inner"};
  private static final int[][] SHAPES = {{2, 3}, {2}, {3}, {2, 2}, {2, 1}, {4, 3}, {2, 4, 3}};

  private final Instances instances;
  private final Workplace workplace;

  Values(Workplace workplace) {
    this.workplace = workplace;
    instances = new Instances(this);
  }

  Instances instances() {
    return instances;
  }

  Workplace workplace() {
    return workplace;
  }

  /** A new value for a parameter of this type. */
  Object of(Type type, Random random) {
    return of(type, random, 0);
  }

  /** The same, where so many constructors are at work around it. */
  Object of(Type type, Random random, int depth) {
    if (type instanceof TypeVariable<?> variable) {
      return of(variable.getBounds()[0], random, depth);
    }
    if (type instanceof WildcardType wildcard) {
      Type[] lower = wildcard.getLowerBounds();
      return of(lower.length > 0 ? lower[0] : wildcard.getUpperBounds()[0], random, depth);
    }
    if (type instanceof GenericArrayType array) {
      return array(array.getGenericComponentType(), random, depth);
    }
    Class<?> raw = raw(type);
    Type[] inside =
        type instanceof ParameterizedType p ? p.getActualTypeArguments() : new Type[] {};
    if (raw == List.class || raw == Iterable.class) {
      return raw(inside[0]) == Record.class ? Flower.field(random) : list(inside[0], random, depth);
    }
    if (raw == Map.class) {
      Map<Object, Object> map = new LinkedHashMap<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        map.put(of(inside[0], random, depth), of(inside[1], random, depth));
      }
      return map;
    }
    if (raw == Class.class) {
      return raw(inside[0]) == Record.class ? Flower.class : Linear.class;
    }
    if (raw.isArray()) {
      return array(raw.getComponentType(), random, depth);
    }
    if (raw.isInterface() && inside.length > 0) {
      return instances.plain(raw, random, inside);
    }
    Object plain = plain(raw, random);
    return plain != null ? plain : instances.make(raw, random, depth + 1);
  }

  /** The class without its arguments; of a variable, that of its bound. */
  static Class<?> raw(Type type) {
    if (type instanceof ParameterizedType p) {
      return (Class<?>) p.getRawType();
    }
    if (type instanceof TypeVariable<?> variable) {
      return raw(variable.getBounds()[0]);
    }
    if (type instanceof WildcardType wildcard) {
      return raw(wildcard.getUpperBounds()[0]);
    }
    if (type instanceof GenericArrayType array) {
      return Array.newInstance(raw(array.getGenericComponentType()), 0).getClass();
    }
    return (Class<?>) type;
  }

  private Object plain(Class<?> type, Random random) {
    if (type == int.class || type == Integer.class) {
      return 1 + random.nextInt(4);
    }
    if (type == long.class || type == Long.class) {
      return (long) random.nextInt(3);
    }
    if (type == double.class || type == Double.class || type == Number.class) {
      return new double[] {0.5, 0.1, 1, 0.25}[random.nextInt(4)];
    }
    if (type == float.class) {
      return random.nextFloat();
    }
    if (type == boolean.class || type == Boolean.class) {
      return random.nextBoolean();
    }
    if (type == char.class) {
      return ",;.".charAt(random.nextInt(3));
    }
    if (type == byte.class) {
      return (byte) random.nextInt();
    }
    if (type == String.class || type == Object.class) {
      return TEXTS[random.nextInt(TEXTS.length)];
    }
    if (type == Record.class) {
      return Flower.field(random).get(0);
    }
    if (type == Tensor.class) {
      return tensor(random);
    }
    if (type == Path.class) {
      return workplace.file(random);
    }
    if (type == InputStream.class) {
      return new ByteArrayInputStream(workplace.bytes(random));
    }
    if (type == OutputStream.class) {
      return new ByteArrayOutputStream();
    }
    return type == PrintStream.class
        ? new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8)
        : null;
  }

  private Object array(Type component, Random random, int depth) {
    if (component == byte.class) {
      return workplace.bytes(random);
    }
    int length = 1 + random.nextInt(3);
    Object array = Array.newInstance(raw(component), length);
    for (int i = 0; i < length; i++) {
      Array.set(array, i, of(component, random, depth));
    }
    return array;
  }

  private List<Object> list(Type element, Random random, int depth) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      list.add(of(element, random, depth));
    }
    return list;
  }

  /** Random numbers, class indices, or both of a table's columns. */
  private static Tensor tensor(Random random) {
    Tensor t = Tensor.zeros(SHAPES[random.nextInt(SHAPES.length)]);
    boolean whole = random.nextBoolean();
    for (int i = 0; i < t.size(); i++) {
      t.data()[i] = whole ? random.nextInt(2) : random.nextGaussian();
    }
    return t;
  }
}

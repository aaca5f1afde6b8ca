package doppio.attack;

import doppio.Tensor;
import doppio.nn.Module;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

/** For a parameter of any type the values that should be refused, or at least survived. */
final class Hostile {
  /** 46341² and 65536² are more than an int holds; the second looks like 0. */
  private static final int[] INTS = {
    0, -1, 5, 46341, 65536, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE - 1
  };

  private static final double[] DOUBLES = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    -0.0,
    0,
    -1,
    2,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    Double.MIN_VALUE
  };

  private static final String[] TEXTS = {
    "",
    " ",
    "a.b",
    ".",
    "..",
    "/",
    "\0",
    "%s%n",
    "\ud800",
    "é→\n",
    "class",
    "__proto__",
    "-1",
    "NaN"
  };

  private static final int[][] SHAPES = {
    {}, {0}, {0, 3}, {2, 0}, {3, 0, 2}, {1}, {5, 7}, {2, 3, 4, 5}, {1, 1, 1, 1, 1, 1, 1, 1}
  };

  private final Values values;
  private final Map<Type, List<Function<Random, Object>>> known = new HashMap<>();

  Hostile(Values values) {
    this.values = values;
  }

  /** Makers of such values, each a new one for each call. */
  List<Function<Random, Object>> of(Type type) {
    List<Function<Random, Object>> found = known.get(type);
    if (found == null) {
      found = List.copyOf(make(type));
      known.put(type, found);
    }
    return found;
  }

  private List<Function<Random, Object>> make(Type type) {
    Class<?> raw = Values.raw(type);
    if (raw == int.class) {
      return Arrays.stream(INTS).<Function<Random, Object>>mapToObj(i -> r -> i).toList();
    }
    if (raw == long.class) {
      return all(0L, -1L, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE);
    }
    if (raw == double.class) {
      return Arrays.stream(DOUBLES).<Function<Random, Object>>mapToObj(d -> r -> d).toList();
    }
    if (raw == float.class) {
      return all(Float.NaN, Float.NEGATIVE_INFINITY, -0f, Float.MAX_VALUE);
    }
    if (raw == boolean.class) {
      return all(true, false);
    }
    if (raw == char.class) {
      return all('\0', '\n', '\r', '"', ' ', '0', '-', '\ud800', '\uffff');
    }
    List<Function<Random, Object>> made = new ArrayList<>();
    made.add(random -> null);
    if (raw.isInterface() && raw.getName().matches("doppio\\..*|java\\.util\\.function\\..*")) {
      made.add(random -> Fakes.silent(raw));
      made.add(random -> Fakes.throwing(raw));
      made.add(random -> Fakes.wild(raw));
    } else {
      made.addAll(objects(type, raw));
    }
    return made;
  }

  private List<Function<Random, Object>> objects(Type type, Class<?> raw) {
    if (raw == String.class || raw == Object.class) {
      List<Function<Random, Object>> texts = new ArrayList<>(all((Object[]) TEXTS));
      texts.add(random -> "x".repeat(70_000));
      return texts;
    }
    if (raw == Tensor.class) {
      return tensors();
    }
    if (raw == Path.class) {
      return all(values.workplace().badPlaces().toArray());
    }
    if (raw == InputStream.class) {
      return List.of(
          random -> new ByteArrayInputStream(new byte[0]),
          random -> new ByteArrayInputStream(new byte[9]),
          random -> new ByteArrayInputStream(cut(values.workplace().bytes(random), random)),
          random -> Fakes.failingInput(new byte[0]),
          random -> Fakes.failingInput(cut(values.workplace().bytes(random), random)),
          random -> InputStream.nullInputStream());
    }
    if (raw == OutputStream.class) {
      return List.of(random -> Fakes.failingOutput(0), random -> Fakes.failingOutput(20));
    }
    if (raw == byte[].class) {
      return List.of(
          random -> new byte[0],
          random -> new byte[100],
          random -> cut(values.workplace().bytes(random), random));
    }
    if (raw == Class.class) {
      return Values.raw(((ParameterizedType) type).getActualTypeArguments()[0]) == Record.class
          ? all(Record.class, Flower.Bare.class, Flower.Strange.class)
          : all(Module.class, Saboteur.class);
    }
    if (raw == Record.class) {
      return List.of(random -> spoilt());
    }
    if (raw.isArray()) {
      return arrays(raw);
    }
    Type[] inside =
        type instanceof ParameterizedType p ? p.getActualTypeArguments() : new Type[] {};
    if (raw == List.class) {
      return lists(inside[0]);
    }
    if (raw == Map.class) {
      return maps(inside[0], inside[1]);
    }
    return raw == Module.class
        ? Stream.of(Saboteur.Manner.values())
            .<Function<Random, Object>>map(manner -> random -> new Saboteur(manner))
            .toList()
        : List.of();
  }

  private static List<Function<Random, Object>> tensors() {
    List<Function<Random, Object>> made = new ArrayList<>();
    for (int[] shape : SHAPES) {
      made.add(random -> Tensor.full(0.5, shape));
    }
    for (double value : DOUBLES) {
      made.add(random -> Tensor.full(value, 2, 3));
      made.add(random -> Tensor.full(value, 2));
    }
    made.add(random -> Tensor.full(1e9, 2, 4, 3));
    return made;
  }

  /** Empty, of each hostile element alone, and for numbers all of them. */
  private List<Function<Random, Object>> arrays(Class<?> type) {
    Class<?> element = type.getComponentType();
    List<Function<Random, Object>> made = new ArrayList<>();
    made.add(random -> Array.newInstance(element, 0));
    made.add(random -> Array.newInstance(element, 40));
    for (Function<Random, Object> one : of(element)) {
      made.add(random -> array(element, List.of(one), random));
      made.add(random -> array(element, List.of(r -> values.of(element, r), one), random));
    }
    if (element.isPrimitive()) {
      made.add(random -> array(element, of(element), random));
    }
    return made;
  }

  private static Object array(
      Class<?> element, List<Function<Random, Object>> makers, Random random) {
    Object array = Array.newInstance(element, makers.size());
    for (int i = 0; i < makers.size(); i++) {
      Array.set(array, i, makers.get(i).apply(random));
    }
    return array;
  }

  private List<Function<Random, Object>> lists(Type element) {
    List<Function<Random, Object>> made = new ArrayList<>();
    made.add(random -> List.of());
    made.add(random -> new ArrayList<>());
    made.add(random -> Arrays.asList(null, null));
    made.add(random -> Collections.nCopies(3, values.of(element, random)));
    made.add(random -> Arrays.asList(values.of(element, random), null));
    for (Function<Random, Object> one : boxed(element)) {
      made.add(random -> Collections.singletonList(one.apply(random)));
      made.add(random -> Arrays.asList(values.of(element, random), one.apply(random)));
    }
    return made;
  }

  private List<Function<Random, Object>> maps(Type key, Type value) {
    List<Function<Random, Object>> made = new ArrayList<>();
    made.add(random -> Map.of());
    made.add(random -> new HashMap<>());
    for (Function<Random, Object> one : boxed(value)) {
      made.add(random -> entry(values.of(key, random), one.apply(random)));
    }
    for (Function<Random, Object> one : boxed(key)) {
      made.add(random -> entry(one.apply(random), values.of(value, random)));
    }
    return made;
  }

  private static Map<Object, Object> entry(Object key, Object value) {
    Map<Object, Object> map = new LinkedHashMap<>();
    map.put(key, value);
    return map;
  }

  /** Of a list's or map's elements: numbers are objects there, and may be null. */
  private List<Function<Random, Object>> boxed(Type type) {
    Class<?> raw = Values.raw(type);
    if (raw == Double.class) {
      List<Function<Random, Object>> numbers = new ArrayList<>(of(double.class));
      numbers.add(random -> null);
      return numbers;
    }
    return of(type);
  }

  private static Flower spoilt() {
    return new Flower(null, Double.NaN, null, false, null, Double.POSITIVE_INFINITY);
  }

  private static byte[] cut(byte[] bytes, Random random) {
    return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
  }

  private static List<Function<Random, Object>> all(Object... constants) {
    return Stream.of(constants).<Function<Random, Object>>map(c -> random -> c).toList();
  }

  /** Whether a number that asks for much memory is in a call's arguments. */
  static boolean asksForMuch(Object value) {
    if (value instanceof Number n) {
      return Math.abs(n.doubleValue()) >= INTS[3];
    }
    if (value instanceof int[] numbers) {
      return Arrays.stream(numbers).anyMatch(n -> Math.abs((double) n) >= INTS[3]);
    }
    if (value instanceof Object[] array) {
      return Arrays.stream(array).anyMatch(Hostile::asksForMuch);
    }
    return value != null && Proxy.isProxyClass(value.getClass());
  }
}

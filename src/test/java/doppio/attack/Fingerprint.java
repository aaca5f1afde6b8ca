package doppio.attack;

import doppio.Generator;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * All that can be found in the fields of some objects and of those below them, as far as they are
 * the library's or the attack's, arrays or collections.
 */
final class Fingerprint {
  /** Fields whose contents are no state: {@code Class.field}, and why. */
  private static final Map<String, String> PASSING =
      Map.ofEntries(
          Map.entry("CrossEntropy.looked", "it looks at its first targets alone"),
          Map.entry("Loss.spare", "an array to be used again"),
          Map.entry("Loss.runningDivisor", "of the forward that runs"),
          Map.entry("Loss.runningSum", "of the forward that runs"),
          Map.entry("Pass.failed", "for the message of the pass that fails"),
          Map.entry("Inference.lent", "tensors to be used again"),
          Map.entry("Inference.done", "tensors to be used again"),
          Map.entry("Inference.spare", "tensors to be used again"),
          Map.entry("Lending.tensors", "tensors to be used again"),
          Map.entry("Lending.lent", "of the pass that runs"),
          Map.entry("Through.next", "of the step that is made"),
          Map.entry("Through.calls", "the next step finds them again; the state is state()"),
          Map.entry("Stepper.input", "a tensor to be used again"),
          Map.entry("Alone.input", "a tensor to be used again"),
          Map.entry("RandomStream.seed", "what a generator prints until it is taken to a state"),
          Map.entry("BlockWorker.model", "a replica, whose state each block sets anew"),
          Map.entry("BlockWorker.modes", "a replica's, which each block sets anew"),
          Map.entry("BlockWorker.generators", "a replica's, which each block seeds anew"),
          Map.entry("BlockWorker.loss", "a copy, which remembers the last block"),
          Map.entry("BlockWorker.result", "filled anew by each block"),
          Map.entry("ProgressBar.timeLeft", "a clock"));

  private static final Map<Class<?>, List<Field>> FIELDS = new HashMap<>();

  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  static Fingerprint of(Object... roots) {
    Fingerprint print = new Fingerprint();
    for (int i = 0; i < roots.length; i++) {
      print.take(i == 0 ? "the receiver" : "argument " + i, roots[i]);
    }
    return print;
  }

  /** The places where another one differs. */
  List<String> differences(Fingerprint other) {
    Set<String> places = new LinkedHashSet<>(values.keySet());
    places.addAll(other.values.keySet());
    places.removeIf(
        place ->
            values.containsKey(place) == other.values.containsKey(place)
                && Objects.equals(values.get(place), other.values.get(place)));
    return List.copyOf(places);
  }

  private void take(String path, Object object) {
    if (object == null
        || object instanceof Number
        || object instanceof String
        || object instanceof Boolean
        || object instanceof Character
        || object instanceof Enum
        || object instanceof Class) {
      values.put(path, object);
    } else if (!seen.add(object)) {
      values.put(path, "seen before");
    } else if (object.getClass().isArray()) {
      takeArray(path, object);
    } else if (object instanceof Collection<?> collection) {
      takeArray(path, collection.toArray());
    } else if (object instanceof Map<?, ?> map) {
      takeArray(path + " keys", map.keySet().toArray());
      takeArray(path + " values", map.values().toArray());
    } else if (object instanceof Parameter parameter) {
      takeArray(path + ".value", parameter.value().data());
      values.put(path + ".frozen", parameter.isFrozen());
      if (parameter.hasGradient()) {
        takeArray(path + ".gradient", parameter.grad().data());
      }
    } else if (object == Generator.defaultGenerator()) {
      // Everybody draws from it, the attack too.
      values.put(path, "the default generator");
    } else if (isOurs(object.getClass())) {
      values.put(path, object.getClass());
      for (Field field : FIELDS.computeIfAbsent(object.getClass(), Fingerprint::fields)) {
        take(path + "." + field.getName(), get(field, object));
      }
    } else {
      values.put(path, object.getClass());
    }
  }

  private void takeArray(String path, Object array) {
    int length = Array.getLength(array);
    values.put(path + " length", length);
    if (array instanceof Object[] objects) {
      for (int i = 0; i < length; i++) {
        take(path + "[" + i + "]", objects[i]);
      }
    } else if (array instanceof double[] numbers) {
      values.put(path, Arrays.hashCode(numbers));
    } else if (array instanceof int[] numbers) {
      values.put(path, Arrays.hashCode(numbers));
    } else if (array instanceof long[] numbers) {
      values.put(path, Arrays.hashCode(numbers));
    } else if (array instanceof byte[] bytes) {
      values.put(path, Arrays.hashCode(bytes));
    }
  }

  private static boolean isOurs(Class<?> type) {
    String name = type.getName();
    return name.startsWith("doppio.")
        && !name.startsWith(Fakes.class.getName())
        && !type.isHidden();
  }

  private static List<Field> fields(Class<?> type) {
    List<Field> found = new ArrayList<>();
    // What a module remembers of its last pass is no state: a forward that fails ends that pass.
    Class<?> first = Module.class.isAssignableFrom(type) ? Module.class : type;
    for (Class<?> c = first; c != null && isOurs(c); c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        boolean passing = PASSING.containsKey(c.getSimpleName() + "." + field.getName());
        if (!Modifier.isStatic(field.getModifiers()) && !passing) {
          field.setAccessible(true);
          found.add(field);
        }
      }
    }
    return found;
  }

  private static Object get(Field field, Object object) {
    try {
      return field.get(object);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}

package doppio.attack;

import doppio.Tensor;
import doppio.attack.Targets.Target;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** One object in two roles: two arguments, an argument and the receiver, or what it has given. */
final class Aliasing {
  private static final int MOST_GETTERS = 4;

  /** Spoilt copies of what a receiver itself has given. */
  private static final List<BiConsumer<Map<Object, Object>, Object>> SPOILERS =
      List.of(
          (state, key) -> state.remove(key),
          (state, key) -> state.put(key, null),
          (state, key) -> state.put("unknown", Tensor.zeros(1)),
          (state, key) -> state.put(null, Tensor.zeros(1)),
          (state, key) -> state.put(key, Tensor.zeros(3, 0, 5)),
          (state, key) -> state.put(key, filled(state.get(key), Double.NaN)),
          (state, key) -> state.put(key, filled(state.get(key), -1)),
          (state, key) -> state.put(key, filled(state.get(key), 1e300)));

  private Aliasing() {}

  static List<Attack.Twist> of(Target target) {
    List<Attack.Twist> twists = new ArrayList<>();
    Class<?>[] types = target.code().getParameterTypes();
    Type[] generic = target.code().getGenericParameterTypes();
    for (int i = 0; i < types.length; i++) {
      int p = i;
      for (int j = i + 1; j < types.length; j++) {
        int q = j;
        if (generic[p].equals(generic[q]) && !types[p].isPrimitive()) {
          twists.add((receiver, arguments, random) -> arguments[q] = arguments[p]);
        }
        if (types[p] == Tensor.class && types[q] == Tensor.class) {
          twists.add((receiver, arguments, random) -> arguments[q] = otherView(arguments[p]));
        }
      }
      if (target.isOnInstance() && types[p].isAssignableFrom(target.type())) {
        twists.add((receiver, arguments, random) -> arguments[p] = receiver);
      }
      if (target.isOnInstance() && !types[p].isPrimitive()) {
        twists.addAll(ofTheReceiver(target, p));
      }
    }
    return twists;
  }

  private static List<Attack.Twist> ofTheReceiver(Target target, int place) {
    List<Attack.Twist> twists = new ArrayList<>();
    Class<?> type = target.code().getParameterTypes()[place];
    Type generic = target.code().getGenericParameterTypes()[place];
    for (Method getter : getters(target.type(), generic)) {
      twists.add((receiver, arguments, random) -> give(getter, receiver, arguments, place));
      if (type == Map.class) {
        for (BiConsumer<Map<Object, Object>, Object> spoiler : SPOILERS) {
          twists.add(
              (receiver, arguments, random) -> {
                give(getter, receiver, arguments, place);
                arguments[place] = spoilt((Map<?, ?>) arguments[place], spoiler);
              });
        }
      }
    }
    return twists;
  }

  private static List<Method> getters(Class<?> receiver, Type given) {
    return Arrays.stream(receiver.getMethods())
        .filter(m -> m.getParameterCount() == 0 && !Modifier.isStatic(m.getModifiers()))
        .filter(m -> m.getGenericReturnType().equals(given))
        .filter(m -> m.getDeclaringClass().getName().startsWith("doppio."))
        .sorted(Comparator.comparing(Method::toGenericString))
        .limit(MOST_GETTERS)
        .toList();
  }

  private static void give(Method getter, Object receiver, Object[] arguments, int place) {
    try {
      getter.setAccessible(true);
      arguments[place] = getter.invoke(receiver);
    } catch (InvocationTargetException e) {
      // Then the argument stays tame.
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<Object, Object> spoilt(
      Map<?, ?> given, BiConsumer<Map<Object, Object>, Object> spoiler) {
    Map<Object, Object> state = new LinkedHashMap<>(given);
    Object last = null;
    for (Object key : state.keySet()) {
      last = key;
    }
    spoiler.accept(state, last);
    return state;
  }

  /** The same array under a shape of one dimension. */
  private static Object otherView(Object tensor) {
    return ((Tensor) tensor).reshape(-1);
  }

  private static Object filled(Object like, double value) {
    return like instanceof Tensor t ? Tensor.full(value, t.shape()) : like;
  }
}

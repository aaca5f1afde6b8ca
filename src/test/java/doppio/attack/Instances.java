package doppio.attack;

import doppio.ExportedTypes;
import doppio.data.Digits;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Objects of the library's types, made by what the public API itself offers: a constructor, a
 * static method or another object's method that gives one. What nobody can make from outside comes
 * from {@link Caught}.
 */
final class Instances {
  private static final int DEEPEST = 4;
  private static final int TRIES = 40;

  /** Says that no object of a type came out. */
  static final class None extends RuntimeException {
    private static final long serialVersionUID = 1;

    None(Class<?> type) {
      super("no instance of " + type.getName());
    }
  }

  private final Values values;
  private final Map<Class<?>, List<Executable>> sources = new ConcurrentHashMap<>();
  private final Map<Class<?>, List<Class<?>>> kinds = new ConcurrentHashMap<>();

  Instances(Values values) {
    this.values = values;
  }

  /** A new object, the same for the same state of the random numbers. */
  Object make(Class<?> type, Random random) {
    return make(type, random, 0);
  }

  Object make(Class<?> type, Random random, int depth) {
    if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      return constants[random.nextInt(constants.length)];
    }
    if (depth > DEEPEST) {
      throw new None(type);
    }
    if (Caught.has(type)) {
      return Caught.make(type, random);
    }
    List<Class<?>> below = kinds.computeIfAbsent(type, Instances::concrete);
    List<Executable> makers = sources.computeIfAbsent(type, Instances::sources);
    for (int i = 0; i < TRIES; i++) {
      int choice = random.nextInt(below.size() + makers.size() + 1);
      try {
        Object made = null;
        if (choice < below.size()) {
          made = make(below.get(choice), random, depth);
        } else if (choice < below.size() + makers.size()) {
          made = call(makers.get(choice - below.size()), random, depth);
        } else if (type.isInterface()) {
          made = plain(type, random);
        }
        if (made != null) {
          return made;
        }
      } catch (None | InvocationTargetException e) {
        // The next try draws other arguments.
      } catch (IllegalAccessException | InstantiationException e) {
        throw new LinkageError(type.toString(), e);
      }
    }
    throw new None(type);
  }

  /** A fake of an interface that answers as its type arguments say. */
  Object plain(Class<?> type, Random random, Type... arguments) {
    long seed = random.nextLong();
    return Fakes.plain(
        type,
        asked -> {
          Type answer = asked;
          if (asked instanceof TypeVariable && arguments.length > 0) {
            int place = Arrays.asList(type.getTypeParameters()).indexOf(asked);
            answer = arguments[Math.max(place, 0)];
          }
          return asked == void.class ? null : values.of(answer, new Random(seed), DEEPEST - 1);
        });
  }

  private Object call(Executable maker, Random random, int depth)
      throws IllegalAccessException, InstantiationException, InvocationTargetException {
    Object[] arguments = new Object[maker.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = values.of(maker.getGenericParameterTypes()[i], random, depth + 1);
    }
    if (maker instanceof Constructor<?> constructor) {
      return constructor.newInstance(arguments);
    }
    Object receiver =
        Modifier.isStatic(maker.getModifiers())
            ? null
            : make(maker.getDeclaringClass(), random, depth + 1);
    return ((Method) maker).invoke(receiver, arguments);
  }

  /** The types that can be named and have objects, below one that has none of its own. */
  private static List<Class<?>> concrete(Class<?> type) {
    return Modifier.isAbstract(type.getModifiers())
        ? ExportedTypes.visible().stream()
            .filter(t -> type.isAssignableFrom(t) && !Modifier.isAbstract(t.getModifiers()))
            .toList()
        : List.of();
  }

  private static List<Executable> sources(Class<?> type) {
    List<Executable> found = new ArrayList<>();
    if (!Modifier.isAbstract(type.getModifiers())) {
      found.addAll(Arrays.asList(type.getConstructors()));
    }
    for (Class<?> other : ExportedTypes.visible()) {
      for (Method m : other.getDeclaredMethods()) {
        boolean offered = Modifier.isPublic(m.getModifiers()) && !m.isSynthetic();
        boolean ofItself = other == type && !Modifier.isStatic(m.getModifiers());
        // Digits come from a file, which takes its time.
        offered &= other != Digits.class;
        if (offered && m.getReturnType() == type && !ofItself) {
          found.add(m);
        }
      }
    }
    found.forEach(maker -> maker.setAccessible(true));
    found.sort(Comparator.comparing(Executable::toGenericString));
    return found;
  }
}

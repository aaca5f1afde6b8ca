package doppio.attack;

import doppio.ExportedTypes;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What can be called from outside: of each public type its constructors and static methods, and
 * where it has instances, all that can be called on one, inherited methods too.
 */
record Targets(List<Target> all) {
  /** One method or constructor, as called on or of a type. */
  record Target(Class<?> type, Executable code) {
    boolean isOnInstance() {
      return code instanceof Method m && !Modifier.isStatic(m.getModifiers());
    }

    /** Whether it works for as long as its numbers say. */
    boolean takesTime() {
      return PATIENT.keySet().stream().anyMatch(toString()::contains);
    }

    Object call(Object receiver, Object[] arguments) throws ReflectiveOperationException {
      if (code instanceof Constructor<?> made) {
        return made.newInstance(arguments);
      }
      return ((Method) code).invoke(receiver, arguments);
    }

    @Override
    public String toString() {
      String name =
          code instanceof Method ? type.getName() + "." + code.getName() : "new " + type.getName();
      return name.replaceFirst("doppio\\.([a-z]+\\.)?", "")
          + Arrays.stream(code.getParameterTypes()).map(Class::getSimpleName).toList();
    }
  }

  /** Methods that no attack may call, and why. */
  private static final Map<String, String> LEFT_OUT =
      Map.of("Mnist.download", "it and downloadFashion ask a server");

  /** Methods that get no large numbers, and why. */
  private static final Map<String, String> PATIENT =
      Map.of(
          ".importance[", "it computes as often as it is told to",
          "[int, int, int, boolean, Generator]", "it makes as many layers as it is told to");

  static Targets find() {
    return new Targets(ExportedTypes.visible().stream().flatMap(Targets::of).toList());
  }

  /** What can be called on an object of a type. */
  static List<Target> onInstanceOf(Class<?> type) {
    return of(type).filter(Target::isOnInstance).toList();
  }

  private static Stream<Target> of(Class<?> type) {
    return Stream.concat(Stream.of(type.getConstructors()), Stream.of(type.getMethods()))
        .filter(code -> isCalledOn(type, code))
        .map(code -> new Target(type, code))
        .filter(target -> LEFT_OUT.keySet().stream().noneMatch(target.toString()::startsWith))
        .sorted(Comparator.comparing(target -> target.code().toGenericString()))
        .peek(target -> target.code().setAccessible(true));
  }

  /** Those of every so many-th type. */
  List<Target> part(int part, int parts) {
    List<Class<?>> types = all.stream().<Class<?>>map(Target::type).distinct().toList();
    return all.stream().filter(target -> types.indexOf(target.type()) % parts == part).toList();
  }

  private static boolean isCalledOn(Class<?> type, Executable code) {
    if (code.isSynthetic() || !code.getDeclaringClass().getName().startsWith("doppio.")) {
      return false;
    }
    if (code instanceof Constructor) {
      return !Modifier.isAbstract(type.getModifiers());
    }
    return !Modifier.isStatic(code.getModifiers()) || code.getDeclaringClass() == type;
  }
}

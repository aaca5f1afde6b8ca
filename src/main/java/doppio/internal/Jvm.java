package doppio.internal;

import java.util.Locale;

/** What the JVM says of itself. */
public final class Jvm {
  private static final int LEVEL_OF_C2 = 4;

  /** Two doubles. */
  private static final int SHORTEST_VECTOR = 16;

  private Jvm() {}

  /** The version of Java that it is, 17 say; on Android 0. */
  public static int version() {
    return (int) Double.parseDouble(System.getProperty("java.specification.version"));
  }

  /**
   * What keeps its compiler from making vectors of the Vector API, without which each operation
   * makes an object; or null, also where the JVM does not say. Where the first answer, which is
   * free, is not enough, this takes 20 ms.
   */
  public static String obstacleToVectors() {
    String info = System.getProperty("java.vm.info", "").toLowerCase(Locale.ROOT);
    if (info.contains("interpreted mode")) {
      return "-Xint";
    }
    if (info.contains("emulated-client")) {
      return "-XX:TieredStopAtLevel=1";
    }
    String level = option("TieredStopAtLevel");
    if (level != null && Integer.parseInt(level) < LEVEL_OF_C2) {
      return "-XX:TieredStopAtLevel=".concat(level);
    }
    if ("false".equals(option("EnableVectorSupport"))) {
      return "-XX:-EnableVectorSupport";
    }
    String bytes = option("MaxVectorSize");
    if (bytes != null && Integer.parseInt(bytes) < SHORTEST_VECTOR) {
      return "-XX:MaxVectorSize=".concat(bytes);
    }
    return null;
  }

  /**
   * The value of one of HotSpot's {@code -XX} options, or null: another JVM, no module {@code
   * jdk.management}, no such option, or one that must be unlocked and was not. Asked for by name,
   * for the library needs no such module; the first time takes 20 to 70 ms.
   */
  public static String option(String name) {
    try {
      Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
      Object bean =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getPlatformMXBean", Class.class)
              .invoke(null, type);
      Object option = type.getMethod("getVMOption", String.class).invoke(bean, name);
      return (String) option.getClass().getMethod("getValue").invoke(option);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return null;
    }
  }
}

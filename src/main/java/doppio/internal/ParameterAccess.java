package doppio.internal;

import java.util.function.Function;

/**
 * What {@code doppio.nn} does for the library's own training loop and for nobody else. It hands in
 * its side when the class of parameters is loaded, so whoever has a parameter may ask.
 */
public final class ParameterAccess {
  private static volatile Function<Object, Runnable> exchanges;

  private ParameterAccess() {}

  /** Hands in the other side. */
  public static void open(Function<Object, Runnable> other) {
    exchanges = other;
  }

  /**
   * Makes what exchanges a parameter's gradient for another one, none at first, each time that it
   * is run. To run it takes no memory and cannot fail.
   *
   * @param parameter an object, because this package knows nothing of parameters
   */
  public static Runnable gradientExchange(Object parameter) {
    return exchanges.apply(parameter);
  }
}

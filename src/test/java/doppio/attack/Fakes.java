package doppio.attack;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.function.Function;

/** Objects of any interface, and streams, that do as they are told. */
final class Fakes {
  private Fakes() {}

  /** Answers every call by a value for the type that the method returns. */
  private static Object answering(Class<?> type, Function<Type, Object> answers) {
    return proxy(type, (proxy, method, args) -> answers.apply(method.getGenericReturnType()));
  }

  /** As a user writes one: default methods as they are, the others always answered alike. */
  static Object plain(Class<?> type, Function<Type, Object> answers) {
    return proxy(
        type,
        (proxy, method, args) ->
            method.isDefault()
                ? InvocationHandler.invokeDefault(proxy, method, args)
                : answers.apply(method.getGenericReturnType()));
  }

  static Object silent(Class<?> type) {
    return answering(type, Fakes::nothing);
  }

  static Object throwing(Class<?> type) {
    return answering(
        type,
        asked -> {
          throw new Planted();
        });
  }

  /** Numbers that no sensible object gives. */
  static Object wild(Class<?> type) {
    return answering(
        type,
        asked -> {
          if (asked == int.class) {
            return Integer.MAX_VALUE;
          }
          return asked == double.class ? Double.NaN : nothing(asked);
        });
  }

  static InputStream failingInput(byte[] before) {
    return new InputStream() {
      private final ByteArrayInputStream first = new ByteArrayInputStream(before);

      @Override
      public int read(byte[] into, int from, int length) throws Planted.InStream {
        int count = first.read(into, from, length);
        if (count < 0) {
          throw new Planted.InStream();
        }
        return count;
      }

      @Override
      public int read() throws Planted.InStream {
        int next = first.read();
        if (next < 0) {
          throw new Planted.InStream();
        }
        return next;
      }
    };
  }

  static OutputStream failingOutput(int after) {
    return new OutputStream() {
      private int written;

      @Override
      public void write(int b) throws Planted.InStream {
        written++;
        if (written > after) {
          throw new Planted.InStream();
        }
      }
    };
  }

  private static Object proxy(Class<?> type, InvocationHandler handler) {
    return Proxy.newProxyInstance(
        Fakes.class.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, args) ->
            method.getDeclaringClass() == Object.class
                ? ofObject(proxy, method, args)
                : handler.invoke(proxy, method, args));
  }

  @SuppressWarnings("ReferenceEquality") // A fake is equal to itself alone.
  private static Object ofObject(Object proxy, Method method, Object[] args) {
    return switch (method.getName()) {
      case "equals" -> proxy == args[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "a fake " + proxy.getClass().getInterfaces()[0].getSimpleName();
    };
  }

  private static Object nothing(Type type) {
    if (type == boolean.class) {
      return false;
    }
    if (type == int.class) {
      return 0;
    }
    if (type == long.class) {
      return 0L;
    }
    return type == double.class ? 0.0 : null;
  }
}

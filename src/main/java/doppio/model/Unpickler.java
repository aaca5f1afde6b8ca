package doppio.model;

import doppio.internal.Allowance;
import doppio.internal.Buffers;
import doppio.internal.StoredType;
import doppio.internal.state.JsonWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the pickles of protocol 2 that {@code torch.save} writes: a program for a small machine
 * with a stack. Of its operations those are known that tensors, dicts, lists and numbers need, and
 * of the names that it may call those of {@link TorchObject}; nothing else has a meaning here.
 *
 * <p>Dicts come as maps, lists as lists, tuples as arrays, tensors as {@link TorchView}.
 *
 * <p>Source: Python's {@code pickletools.py}.
 */
final class Unpickler {
  private static final int PROTOCOL = 2;

  /** What an operation may cost in memory: an object, and its place in what holds it. */
  private static final int OPERATION = 1 << 7;

  /** Stands for Python's None, which is no key of a map. */
  private static final Object NONE = new Object();

  private final ByteBuffer in;
  private final Allowance allowance;
  private final List<Object> stack = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private Unpickler(byte[] pickle, Allowance allowance) {
    this.allowance = allowance;
    in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The object that a pickle makes.
   *
   * @param allowance what the memory of its objects is taken from
   * @throws IOException if it does more than make tensors and what holds them; the message says
   *     where
   */
  static Object read(byte[] pickle, Allowance allowance) throws IOException {
    Unpickler unpickler = new Unpickler(pickle, allowance);
    int start = 0;
    try {
      while (true) {
        start = unpickler.in.position();
        int operation = Byte.toUnsignedInt(unpickler.in.get());
        if (operation == '.') {
          return unpickler.pop();
        }
        unpickler.run(operation);
      }
    } catch (BufferUnderflowException e) {
      throw new IOException("the pickle ends early, at byte " + pickle.length, e);
    } catch (IOException e) {
      throw new IOException("byte " + start + " of the pickle: " + e.getMessage(), e);
    }
  }

  private void run(int operation) throws IOException {
    allowance.take(OPERATION);
    switch (operation) {
      case 0x80 -> protocol(Byte.toUnsignedInt(in.get()));
      case '(' -> marks.push(stack.size());
      case '}' -> stack.add(new LinkedHashMap<>(0));
      case ']' -> stack.add(new ArrayList<>(0));
      case ')' -> stack.add(new Object[0]);
      case 't' -> stack.add(take(mark()));
      case 0x85, 0x86, 0x87 -> stack.add(take(operation - 0x84));
      case 'N' -> stack.add(NONE);
      case 0x88, 0x89 -> stack.add(operation == 0x88);
      case 'J' -> stack.add((long) in.getInt());
      case 'K' -> stack.add(Byte.toUnsignedLong(in.get()));
      case 'M' -> stack.add(Short.toUnsignedLong(in.getShort()));
      case 0x8a -> stack.add(whole(Byte.toUnsignedInt(in.get())));
      case 'G' -> stack.add(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      case 'X' -> stack.add(text(in.getInt()));
      case 'q' -> memo.put(Byte.toUnsignedInt(in.get()), top());
      case 'r' -> memo.put(in.getInt(), top());
      case 'h' -> stack.add(known(Byte.toUnsignedInt(in.get())));
      case 'j' -> stack.add(known(in.getInt()));
      case 'c' -> stack.add(named(line() + "." + line()));
      case 'Q' -> stack.add(storage(pop()));
      case 'R' -> call();
      // What is set on an object made above, an OrderedDict's _metadata, does not matter here.
      case 'b' -> pop();
      case 's' -> set(take(2));
      case 'u' -> set(take(mark()));
      case 'a' -> append(take(1));
      case 'e' -> append(take(mark()));
      default ->
          throw new IOException(
              "the operation 0x"
                  + Integer.toHexString(operation)
                  + " is not one that torch.save writes for tensors");
    }
  }

  private static void protocol(int version) throws IOException {
    if (version != PROTOCOL) {
      throw new IOException(
          "expected protocol 2 but got "
              + version
              + "; torch.save writes 2 unless it is told otherwise");
    }
  }

  private Object named(String name) throws IOException {
    Object named = TorchObject.named(name);
    if (named == null) {
      throw new IOException(
          "it calls "
              + JsonWriter.brief(name)
              + ", which is not loaded: files of tensors, in dicts and lists, do without;"
              + " torch.save(model.state_dict(), path) writes one");
    }
    return named;
  }

  /** What the id of something outside the pickle stands for: the numbers of a storage. */
  private static TorchStorage storage(Object id) throws IOException {
    if (id instanceof Object[] parts
        && parts.length >= 5
        && "storage".equals(parts[0])
        && parts[1] instanceof StoredType type
        && parts[2] instanceof String key
        && parts[4] instanceof Long size
        && size >= 0) {
      return new TorchStorage(type, key, size);
    }
    throw new IOException("expected the id of a storage of numbers");
  }

  private void call() throws IOException {
    Object arguments = pop();
    if (!(arguments instanceof Object[] tuple) || !(pop() instanceof TorchObject callee)) {
      throw new IOException("expected something to call and a tuple of its arguments");
    }
    stack.add(callee.call(tuple));
  }

  @SuppressWarnings("unchecked") // all maps on the stack are made here
  private void set(Object[] entries) throws IOException {
    if (!(top() instanceof Map) || entries.length % 2 != 0) {
      throw new IOException("expected a dict and its entries");
    }
    Map<Object, Object> dict = (Map<Object, Object>) top();
    for (int i = 0; i < entries.length; i += 2) {
      Object key = entries[i];
      // What may contain itself has no hash.
      if (!(key instanceof String || key instanceof Number || key instanceof Boolean)) {
        throw new IOException("expected keys of dicts that are texts or numbers");
      }
      dict.put(key, entries[i + 1]);
    }
  }

  @SuppressWarnings("unchecked") // all lists on the stack are made here
  private void append(Object[] elements) throws IOException {
    if (!(top() instanceof List)) {
      throw new IOException("expected a list to append to");
    }
    ((List<Object>) top()).addAll(List.of(elements));
  }

  /** A whole number of so many bytes, the lowest first, with a sign. */
  private Number whole(int count) {
    byte[] bytes = new byte[count];
    for (int i = count - 1; i >= 0; i--) {
      bytes[i] = in.get();
    }
    BigInteger value = count == 0 ? BigInteger.ZERO : new BigInteger(bytes);
    return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
  }

  private String text(int length) throws IOException {
    if (length < 0 || length > in.remaining()) {
      throw new IOException("a text of " + Integer.toUnsignedString(length) + " bytes");
    }
    String text = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
    Buffers.to(in, in.position() + length);
    return text;
  }

  private String line() {
    int start = in.position();
    while (in.get() != '\n') {
      // Up to the end of the line.
    }
    return new String(in.array(), start, in.position() - start - 1, StandardCharsets.UTF_8);
  }

  private Object known(int index) throws IOException {
    Object object = memo.get(index);
    if (object == null) {
      throw new IOException("nothing is remembered under " + Integer.toUnsignedString(index));
    }
    return object;
  }

  /** How many objects there are above the last mark, which is taken away. */
  private int mark() throws IOException {
    if (marks.isEmpty()) {
      throw new IOException("there is no mark");
    }
    return stack.size() - marks.pop();
  }

  private Object top() throws IOException {
    require(1);
    return stack.get(stack.size() - 1);
  }

  private Object pop() throws IOException {
    require(1);
    return stack.remove(stack.size() - 1);
  }

  private Object[] take(int count) throws IOException {
    require(count);
    List<Object> above = stack.subList(stack.size() - count, stack.size());
    Object[] taken = above.toArray();
    above.clear();
    return taken;
  }

  /** No operation reaches below a mark that is not its own. */
  private void require(int count) throws IOException {
    int floor = marks.isEmpty() ? 0 : marks.peek();
    if (count > stack.size() - floor) {
      throw new IOException("there are too few objects on its stack");
    }
  }
}

package doppio.model;

import doppio.Tensor;
import doppio.internal.Allowance;
import doppio.internal.OtherFormat;
import doppio.internal.UnreadableNumberException;
import doppio.internal.ZipArchive;
import doppio.internal.state.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The zip archive that {@code torch.save} writes: {@code name/data.pkl} is the pickle, {@code
 * name/data/0} the numbers of its first storage, {@code name/byteorder} says how they lie.
 */
final class TorchArchive {
  private static final String PICKLE = "/data.pkl";
  private static final byte[] ENTRY = {'P', 'K', 3, 4};

  /** Where a tar archive has its mark. */
  private static final int TAR = 257;

  /** Numbers that tensors may have beyond those that the file holds, for small expanded views. */
  private static final long FREE = 1 << 16;

  private static final int SHOWN = 20;

  private final ZipArchive archive;
  private final Map<String, ZipArchive.Entry> entries = new HashMap<>();
  private final String folder;
  private final long limit;
  private final Allowance allowance;
  private final ByteOrder order;

  TorchArchive(SeekableByteChannel file) throws IOException {
    requireZip(file);
    archive = new ZipArchive(file);
    String found = null;
    long bytes = 0;
    for (ZipArchive.Entry entry : archive.entries()) {
      String name = entry.name();
      if (entries.put(name, entry) != null) {
        throw new IOException("two entries of the name " + JsonWriter.brief(name));
      }
      if (name.endsWith("/constants.pkl")) {
        throw new IOException(
            "expected tensors but this is a program, which torch.jit.save wrote:"
                + " torch.save(model.state_dict(), path) writes its tensors");
      }
      if (name.endsWith(PICKLE)) {
        found = name.substring(0, name.length() - PICKLE.length() + 1);
      }
      bytes += entry.size();
    }
    if (found == null) {
      throw new IOException(
          "expected a file that torch.save wrote but the archive has no entry data.pkl");
    }
    folder = found;
    limit = bytes + FREE;
    allowance = new Allowance(bytes);
    order = order();
  }

  private static void requireZip(SeekableByteChannel file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(OtherFormat.START, file.size()));
    while (buffer.hasRemaining() && file.read(buffer) >= 0) {
      // Until it is full.
    }
    byte[] start = Arrays.copyOf(buffer.array(), buffer.position());
    if (start.length < ENTRY.length || !Arrays.equals(start, 0, 4, ENTRY, 0, 4)) {
      throw new IOException("expected a file that torch.save wrote but this is " + what(start));
    }
  }

  private static String what(byte[] start) {
    boolean isTar =
        start.length > TAR + 5
            && "ustar".equals(new String(start, TAR, 5, StandardCharsets.US_ASCII));
    if (isTar) {
      return "a tar archive: if torch.save wrote it, " + OtherFormat.OLD_TORCH;
    }
    String other = OtherFormat.of(start);
    return other == null ? "something else" : other;
  }

  /**
   * The tensors of the dict that the file holds, or of the one that this dict has under a key.
   *
   * @param key null for none
   */
  Map<String, Tensor> load(String key) throws IOException {
    Object root = Unpickler.read(bytes(folder + PICKLE.substring(1)), allowance);
    if (!(root instanceof Map<?, ?> dict)) {
      throw new IllegalArgumentException("expected a dict but the file holds " + kind(root));
    }
    if (key == null) {
      return tensors(views(dict, hint(dict)));
    }
    Object value = dict.get(key);
    if (!(value instanceof Map<?, ?> inner)) {
      throw new IllegalArgumentException(
          "expected a dict under "
              + JsonWriter.brief(key)
              + " but there is "
              + (value == null ? "no such key" : kind(value))
              + "; the keys are "
              + keys(dict));
    }
    return tensors(views(inner, " under " + JsonWriter.brief(key)));
  }

  private static String hint(Map<?, ?> dict) {
    for (Map.Entry<?, ?> entry : dict.entrySet()) {
      if (entry.getKey() instanceof String key && entry.getValue() instanceof Map) {
        return "; the keys are " + keys(dict) + ": load(file, " + JsonWriter.brief(key) + ")";
      }
    }
    return "; the keys are " + keys(dict);
  }

  private static Map<String, TorchView> views(Map<?, ?> dict, String where) {
    Map<String, TorchView> views = new LinkedHashMap<>();
    dict.forEach(
        (key, value) -> {
          if (!(key instanceof String name) || !(value instanceof TorchView view)) {
            throw new IllegalArgumentException(
                "expected tensors by name but "
                    + JsonWriter.brief(String.valueOf(key))
                    + " is "
                    + kind(value)
                    + where);
          }
          views.put(name, view);
        });
    return views;
  }

  private static String keys(Map<?, ?> dict) {
    List<String> first =
        dict.keySet().stream()
            .limit(SHOWN)
            .map(k -> JsonWriter.brief(String.valueOf(k)))
            .collect(Collectors.toUnmodifiableList());
    int more = dict.size() - first.size();
    return first + (more > 0 ? " and " + more + " more" : "");
  }

  private static String kind(Object value) {
    if (value instanceof Map) {
      return "a dict";
    }
    if (value instanceof List || value instanceof Object[]) {
      return "a list";
    }
    if (value instanceof TorchView) {
      return "a tensor";
    }
    return value instanceof String ? "a text" : value instanceof Number ? "a number" : "no tensor";
  }

  /** Storage after storage, so that the numbers of no more than one are beside the tensors. */
  private Map<String, Tensor> tensors(Map<String, TorchView> views) throws IOException {
    Map<TorchStorage, List<TorchView>> byStorage = new LinkedHashMap<>();
    Map<List<Object>, TorchView> places = new HashMap<>();
    long numbers = 0;
    for (TorchView view : views.values()) {
      if (places.putIfAbsent(view.place(), view) == null) {
        byStorage.computeIfAbsent(view.storage(), s -> new ArrayList<>()).add(view);
        numbers += view.size();
      }
    }
    if (numbers > limit) {
      throw new IOException(
          "the tensors have "
              + numbers
              + " numbers, and the file only "
              + limit
              + " bytes: views that repeat numbers are to be saved as copies, tensor.clone()");
    }
    allowance.take(Double.BYTES * numbers);
    Map<TorchView, Tensor> made = new HashMap<>();
    for (Map.Entry<TorchStorage, List<TorchView>> sharing : byStorage.entrySet()) {
      make(sharing.getKey(), sharing.getValue(), made);
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    views.forEach((name, view) -> tensors.put(name, made.get(places.get(view.place()))));
    return tensors;
  }

  /** Makes the views of a storage, one in one pass over it, several out of all its numbers. */
  private void make(TorchStorage storage, List<TorchView> views, Map<TorchView, Tensor> made)
      throws IOException {
    String name = folder + "data/" + storage.key();
    ZipArchive.Entry entry = entry(name);
    if (entry.size() != storage.size() * storage.type().width()) {
      throw new IOException(
          JsonWriter.brief(name)
              + " has "
              + entry.size()
              + " bytes and is to have "
              + storage.size()
              + " numbers of "
              + storage.type());
    }
    try (InputStream in = archive.open(entry)) {
      TorchNumbers numbers = new TorchNumbers(in, storage.type(), order, (int) storage.size());
      TorchView first = views.get(0);
      if (views.size() == 1 && (first.isAll() || first.isReadable())) {
        made.put(first, first.isAll() ? first.tensor(numbers.all()) : first.of(numbers));
        return;
      }
      // For the time being.
      allowance.copy().take(Double.BYTES * storage.size());
      double[] all = numbers.all();
      views.forEach(view -> made.put(view, view.of(all)));
    } catch (UnreadableNumberException e) {
      throw new IOException(JsonWriter.brief(name) + ": " + e.getMessage(), e);
    }
  }

  private ByteOrder order() throws IOException {
    if (!entries.containsKey(folder + "byteorder")) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    byte[] text = bytes(folder + "byteorder");
    return "big".equals(new String(text, StandardCharsets.US_ASCII))
        ? ByteOrder.BIG_ENDIAN
        : ByteOrder.LITTLE_ENDIAN;
  }

  private byte[] bytes(String name) throws IOException {
    try (InputStream in = archive.open(entry(name))) {
      return in.readAllBytes();
    }
  }

  private ZipArchive.Entry entry(String name) throws IOException {
    ZipArchive.Entry entry = entries.get(name);
    if (entry == null) {
      throw new IOException("the archive has no entry " + JsonWriter.brief(name));
    }
    return entry;
  }
}

package doppio.internal.disk;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What may be left of a {@link Disk} if the power fails: what was forced, and besides, in whatever
 * order, any part of what was not. A file's bytes are safe once it is forced, its length if that is
 * asked for; a name is safe once its folder is forced. A rename is done or not done.
 */
public final class Crash {
  /** What a file is where its name leads to none. */
  public static final String NO_FILE = "no file";

  private sealed interface Event {}

  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Write(int file, long at, byte[] bytes) implements Event {}

  private record Force(int file, boolean metadata) implements Event {}

  /** A name that ends, or null; one that begins, or null; and the file that it leads to. */
  private record Rename(String from, String to, int file) implements Event {}

  private record ForceFolder(String folder) implements Event {}

  private final Map<String, Integer> names;
  private final Map<Integer, byte[]> contents;
  private final Map<String, Integer> safeNames;
  private final Map<Integer, byte[]> safeContents;
  private final List<Event> events = new ArrayList<>();

  Crash() {
    this(Map.of(), Map.of());
  }

  /** After another one, whose files are all safe. */
  Crash(Crash before) {
    this(before.names, before.contents);
  }

  private Crash(Map<String, Integer> names, Map<Integer, byte[]> contents) {
    this.names = new HashMap<>(names);
    this.contents = new HashMap<>(contents);
    safeNames = Map.copyOf(names);
    safeContents = Map.copyOf(contents);
  }

  void created(String path) {
    int file = contents.size();
    contents.put(file, new byte[0]);
    rename(null, path, file);
  }

  void written(String path, long at, byte[] bytes) {
    Write write = new Write(names.get(path), at, bytes);
    events.add(write);
    contents.put(write.file, with(contents.get(write.file), write));
  }

  void forced(String path, boolean metadata) {
    Integer file = names.get(path);
    events.add(file == null ? new ForceFolder(path) : new Force(file, metadata));
  }

  void moved(String from, String to) {
    rename(from, to, names.get(from));
  }

  void deleted(String path) {
    rename(path, null, names.get(path));
  }

  private void rename(String from, String to, int file) {
    Rename rename = new Rename(from, to, file);
    events.add(rename);
    apply(rename, names);
  }

  private static void apply(Rename rename, Map<String, Integer> names) {
    names.remove(rename.from);
    if (rename.to != null) {
      names.put(rename.to, rename.file);
    }
  }

  private static byte[] with(byte[] content, Write write) {
    int end = (int) write.at + write.bytes.length;
    byte[] all = Arrays.copyOf(content, Math.max(content.length, end));
    System.arraycopy(write.bytes, 0, all, (int) write.at, write.bytes.length);
    return all;
  }

  /**
   * All that may be found in a file after a crash: before anything was done, after the first thing
   * that was done, and so on to the end.
   */
  public List<Set<String>> contentsOf(Path path) {
    List<Set<String>> all = new ArrayList<>();
    for (int done = 0; done <= events.size(); done++) {
      all.add(contentsOf(path.toString(), done));
    }
    return all;
  }

  private Set<String> contentsOf(String path, int done) {
    Map<String, Integer> known = new HashMap<>(safeNames);
    Map<Integer, byte[]> safe = new HashMap<>(safeContents);
    List<Rename> renames = new ArrayList<>();
    Map<Integer, List<Write>> writes = new HashMap<>();
    for (Event event : events.subList(0, done)) {
      if (event instanceof Rename rename) {
        renames.add(rename);
      } else if (event instanceof Write write) {
        writes.computeIfAbsent(write.file, f -> new ArrayList<>()).add(write);
      } else if (event instanceof Force force) {
        byte[] before = safe.getOrDefault(force.file, new byte[0]);
        byte[] after = written(before, writes.getOrDefault(force.file, List.of()));
        safe.put(force.file, force.metadata ? after : Arrays.copyOf(after, before.length));
        writes.remove(force.file);
      } else if (event instanceof ForceFolder force) {
        renames.stream().filter(r -> isIn(force.folder, r)).forEach(r -> apply(r, known));
        renames.removeIf(r -> isIn(force.folder, r));
      }
    }
    Set<String> found = new HashSet<>();
    each(
        renames,
        kept -> {
          Map<String, Integer> left = new HashMap<>(known);
          kept.forEach(r -> apply(r, left));
          Integer file = left.get(path);
          if (file == null) {
            found.add(NO_FILE);
            return;
          }
          byte[] before = safe.getOrDefault(file, new byte[0]);
          each(
              writes.getOrDefault(file, List.of()),
              some -> found.add(new String(written(before, some), StandardCharsets.UTF_8)));
        });
    return found;
  }

  private static boolean isIn(String folder, Rename rename) {
    String path = rename.to == null ? rename.from : rename.to;
    return Path.of(path).getParent().toString().equals(folder);
  }

  private static byte[] written(byte[] before, List<Write> writes) {
    byte[] content = before;
    for (Write write : writes) {
      content = with(content, write);
    }
    return content;
  }

  /** Hands out any of the things, in any order. */
  private static <T> void each(List<T> things, Consumer<List<T>> some) {
    each(things, List.of(), some);
  }

  private static <T> void each(List<T> things, List<T> chosen, Consumer<List<T>> some) {
    some.accept(chosen);
    for (T thing : things) {
      List<T> rest = new ArrayList<>(things);
      rest.remove(thing);
      List<T> longer = new ArrayList<>(chosen);
      longer.add(thing);
      each(rest, longer, some);
    }
  }
}

package doppio.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network without its numbers: what an {@link ArchitectureWriter} makes of it as text. */
final class Architecture {
  /** The version of the text. */
  static final int VERSION = 1;

  /** The most modules within each other. The tree is walked by recursion, the stack is finite. */
  static final int MAX_DEPTH = 100;

  /** The network itself. */
  Node root;

  /** The names of the tensors of frozen parameters. */
  final List<String> frozen = new ArrayList<>();

  /** A module of it. */
  static final class Node {
    /** The name in the registry. */
    String type;

    /** Whether the name is the user's, not the library's. */
    boolean isOwn;

    /** The path of the module that this one is, where it stands in another place already. */
    String same;

    boolean isTraining = true;

    /** As a description has them. */
    Map<String, Object> settings = new LinkedHashMap<>();

    /** The names of the tensors, by the names in the module; one that is shared has one tensor. */
    Map<String, String> parameters = new LinkedHashMap<>();

    Map<String, String> buffers = new LinkedHashMap<>();
    Map<String, Node> children = new LinkedHashMap<>();
    Map<String, Stream> generators = new LinkedHashMap<>();
  }

  /**
   * What a generator draws from.
   *
   * @param number 0 for the default generator's stream, from 1 on for those of others
   * @param isSingle whether it draws as for float32 tensors
   */
  record Stream(int number, boolean isSingle) {}

  static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** How a message names the module at a path. */
  static String place(String path) {
    return path.isEmpty() ? "the module" : "module " + path;
  }
}

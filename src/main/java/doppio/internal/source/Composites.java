package doppio.internal.source;

import doppio.nn.Module;
import java.util.List;

/** Modules of modules as Java. */
final class Composites {
  private Composites() {}

  /** One call after the other; nothing where no module changes a number. */
  static String chain(Place p) {
    StringBuilder body = new StringBuilder();
    String last = "x";
    List<Module> modules = p.parts().children();
    for (int i = 0; i < modules.size(); i++) {
      String call = p.call(Integer.toString(i), last);
      if (!call.equals(last)) {
        body.append(last.equals("x") ? "double[] y = " : "y = ").append(call).append(";\n");
        last = "y";
      }
    }
    return last.equals("x") ? "" : body + "return y;\n";
  }

  static String residual(Place p) {
    String straight = p.parts().child("shortcut") == null ? "x" : p.call("shortcut", "x");
    return "return add(" + straight + ", " + p.call("body", "x") + ");\n";
  }

  static String concat(Place p) {
    int rank = p.outRank();
    int along = rank == 4 ? 1 : rank - 1;
    if (p.parts().has("dimension")) {
      int dimension = p.parts().integer("dimension");
      along = dimension < 0 ? dimension + rank : dimension;
    }
    StringBuilder body = new StringBuilder("return concat(" + p.outSizeTo(along));
    for (int i = 0; i < p.parts().children().size(); i++) {
      body.append(", ").append(p.call(Integer.toString(i), "x"));
    }
    return body + ");\n";
  }

  /** The runs of numbers between the indices, and the tables' rows, side by side. */
  static String columnEmbeddings(Place p) {
    StringBuilder body = new StringBuilder("return concat(" + p.outSizeTo(p.outRank() - 1));
    int[] columns = p.parts().integers("columns");
    int from = 0;
    for (int k = 0; k <= columns.length; k++) {
      int to = k < columns.length ? columns[k] : p.in(-1);
      if (from < to) {
        body.append(", ").append(columns(p, from, to));
      }
      if (k < columns.length) {
        body.append(", ").append(p.call(Integer.toString(k), columns(p, to, to + 1)));
      }
      from = to + 1;
    }
    return body + ");\n";
  }

  private static String columns(Place p, int from, int to) {
    return "columns(x, " + p.in(-1) + ", " + from + ", " + to + ")";
  }
}

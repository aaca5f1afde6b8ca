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
}

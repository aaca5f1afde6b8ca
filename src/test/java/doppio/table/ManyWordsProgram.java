package doppio.table;

import doppio.nn.Linear;
import java.util.ArrayList;
import java.util.List;

/** Learns from a million rows with a word of their own each; prints what became of the words. */
public final class ManyWordsProgram {
  private static final int ROWS = 1_000_000;

  private record Visit(String id, String page, boolean returns) {}

  private ManyWordsProgram() {}

  /** Takes nothing. */
  public static void main(String[] args) {
    List<Visit> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      // Each page twice, which is not rare: too many for a place each.
      rows.add(new Visit("visitor " + i, "page " + i / 2, i % 2 == 0));
    }
    Classifier<Visit> returns =
        Classifier.of(Visit.class, "returns")
            .network(Linear::new)
            .trainer(t -> t.epochs(1).batchSize(4096))
            .fit(rows);
    System.out.println(returns);
    System.out.println(returns.predict(new Visit("nobody", "none", true)).probabilities().keySet());
  }
}

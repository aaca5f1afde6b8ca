package doppio.train;

import java.util.Map;

/** Trains where the heap is full but for a little; says how often that was too little. */
final class SmallHeap {
  private SmallHeap() {}

  /** The arguments are the kind of training, and how many bytes more each time has. */
  public static void main(String[] args) {
    int by = Integer.parseInt(args[1]);
    Map<String, Integer> counts = new FaultyTraining(args[0]).inAFullHeap(90_000, by);
    System.out.println(counts.get("errors"));
  }
}

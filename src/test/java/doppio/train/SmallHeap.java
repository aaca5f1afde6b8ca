package doppio.train;

import java.util.Map;

/** Trains where the heap is full but for a little; says how often that was too little. */
final class SmallHeap {
  private SmallHeap() {}

  public static void main(String[] args) {
    Map<String, Integer> counts = new FaultyTraining(args[0]).inAFullHeap(90_000, 3_000);
    System.out.println(counts.get("errors"));
  }
}

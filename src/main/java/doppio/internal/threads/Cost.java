package doppio.internal.threads;

/** What one element costs, in multiply-adds. */
public final class Cost {
  /** A simple pass over arrays, which waits for memory. */
  public static final long PASS = 4;

  /** What an optimizer does with one element, which waits for memory. */
  public static final long UPDATE = 16;

  /** An exponential, and what is made of one. */
  public static final long EXP = 64;

  private Cost() {}
}

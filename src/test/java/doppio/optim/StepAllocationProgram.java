package doppio.optim;

import com.sun.management.ThreadMXBean;
import doppio.Tensor;
import doppio.nn.Parameter;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Prints what steps of each rule allocate, for {@link StepAllocationTest}. */
final class StepAllocationProgram {
  static final int STEPS = 50;

  /** Bytes of the parameters: one array of their size would show. */
  static final long PARAMETERS = 80_000;

  private static final ThreadMXBean JVM = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private StepAllocationProgram() {}

  public static void main(String[] arguments) {
    for (Function<List<Parameter>, Optimizer> rule : OptimizerTest.RULES) {
      Parameter p = new Parameter(Tensor.zeros((int) PARAMETERS / Double.BYTES));
      p.accumulator().fill(1);
      Optimizer optimizer = rule.apply(List.of(p, Parameters.of(1)));
      System.out.println(allocated(optimizer));
    }
  }

  /** Until the JIT has compiled the rule, vectors are objects: for long on a busy machine. */
  private static long allocated(Optimizer optimizer) {
    long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    long allocated;
    do {
      steps(optimizer, 2000);
      long start = JVM.getCurrentThreadAllocatedBytes();
      steps(optimizer, STEPS);
      allocated = JVM.getCurrentThreadAllocatedBytes() - start;
    } while (allocated >= PARAMETERS && System.nanoTime() < patience);
    return allocated;
  }

  private static void steps(Optimizer optimizer, int count) {
    for (int i = 0; i < count; i++) {
      optimizer.step();
    }
  }
}

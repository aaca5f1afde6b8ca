package doppio.spark;

import doppio.data.Batch;
import doppio.train.BlockGradient;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/** An executor's part of a step: the blocks whose rows one partition has. */
final class BlockTask implements FlatMapFunction<Iterator<EpochPart>, BlockGradient> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<RemoteModel> model;
  private final Broadcast<StepState> step;
  private final EpochCut cut;
  private final int[] inputShape;
  private final int[] targetShape;

  BlockTask(
      Broadcast<RemoteModel> model, Broadcast<StepState> step, EpochCut cut, ClusterSamples data) {
    this.model = model;
    this.step = step;
    this.cut = cut;
    inputShape = data.inputShape();
    targetShape = data.targetShape();
  }

  @Override
  public Iterator<BlockGradient> call(Iterator<EpochPart> parts) {
    EpochPart part = parts.next();
    StepState state = step.value();
    RemoteModel.Replica replica = model.value().borrow();
    List<BlockGradient> blocks = new ArrayList<>();
    try {
      state.writeTo(replica.model());
      for (int block = 0; block < cut.blocks(state.size); block++) {
        if (cut.partition(state.batch, block) == TaskContext.getPartitionId()) {
          int from = cut.start(state.batch, block);
          int end = cut.start(state.batch, 0) + state.size;
          int size = Math.min(cut.start(state.batch, block + 1), end) - from;
          Batch rows = part.block(from, size, inputShape, targetShape);
          blocks.add(replica.worker().compute(rows, block, state.number, state.seed));
        }
      }
    } finally {
      model.value().giveBack(replica);
    }
    return blocks.iterator();
  }
}

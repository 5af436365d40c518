"""The notice (通报): what an office sends to its departments, after GB/T 9704, as a docx that an office may lay out."""
